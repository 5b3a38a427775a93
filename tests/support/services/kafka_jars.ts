/**
 * Apache Kafka's jars for tests: where they lie, and the way to get them (`deno task services:kafka`, 50 MB by Maven).
 * @module
 */
import { findProgram, runProgram } from "./service.ts";

/** The version that tests run on. */
export const KAFKA_VERSION = "4.0.0";

/** The folder of the jars: TIDEMARK_TEST_KAFKA_JARS, else one in the user's cache folder. */
export function jarsFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "."}/.cache`;
  return Deno.env.get("TIDEMARK_TEST_KAFKA_JARS") || `${cache}/tidemark-kafka/${KAFKA_VERSION}`;
}

/** Whether the jars are there. */
export function hasJars(): boolean {
  try {
    return Deno.statSync(`${jarsFolder()}/kafka_2.13-${KAFKA_VERSION}.jar`).isFile;
  } catch {
    return false;
  }
}

const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidemark</groupId><artifactId>kafka-jars</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${KAFKA_VERSION}</version></dependency>
  </dependencies>
</project>
`;

/** Gets the jars where they are missing. */
export async function fetchJars(): Promise<string> {
  const folder = jarsFolder();
  if (hasJars()) return folder;
  const maven = findProgram("mvn");
  if (maven === null) throw new Error("Cannot get Kafka's jars: mvn is not installed (Debian package maven)");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/pom.xml`, pom);
  const args = ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${folder}`];
  await runProgram(maven, { args, cwd: folder });
  if (!hasJars()) throw new Error(`Cannot get Kafka's jars: Maven ended well, and ${folder} holds no kafka_2.13 jar`);
  return folder;
}

if (import.meta.main) {
  const line = `Kafka ${KAFKA_VERSION}: ${await fetchJars()}\n`;
  await Deno.stdout.write(new TextEncoder().encode(line));
}
