/**
 * Names of the internal topics by which pipelines with `rekey: true` read: one for each source topic and key.
 * @module
 */

const START = "internal.rekey.";

/** The internal topic of a source topic and the field that it is keyed by. */
export const rekeyTopic = (topic: string, keyField: string): string => `${START}${topic}.${keyField}`;

/** Whether a topic is such an internal one. */
export const isRekeyTopic = (topic: string): boolean => topic.startsWith(START);
