/**
 * Names of the internal topics by which pipelines with `rekey: true` or a lookup read: one for each source topic, key
 * and lookup.
 * @module
 */

const START = "internal.rekey.";

/** The internal topic of a source topic and the field that it is keyed by. */
export const rekeyTopic = (topic: string, keyField: string): string => `${START}${topic}.${keyField}`;

/** The internal topic of a source topic, the field that it is keyed by, and a version of a lookup that adds fields. */
export const lookupTopic = (topic: string, keyField: string, lookup: { name: string; version: number }): string =>
  `${rekeyTopic(topic, keyField)}.${lookup.name}.${lookup.version}`;

/** Whether a topic is such an internal one. */
export const isRekeyTopic = (topic: string): boolean => topic.startsWith(START);
