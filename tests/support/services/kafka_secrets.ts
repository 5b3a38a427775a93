/**
 * What a broker behind TLS and a password needs: a key store by keytool, the certificate as PEM, one user.
 * @module
 */
import { findProgram, runProgram } from "./service.ts";

/** The user that a protected broker knows, under each SASL mechanism. */
export const kafkaUser = { username: "tidemark", password: "p=a ss;w0rd" } as const;

const STORE_PASSWORD = "of-a-test";

/** Files of a protected broker. */
export interface KafkaSecrets {
  /** PEM file of the certificate that signed the broker's. */
  readonly caFile: string;
  /** Lines of server.properties. */
  readonly properties: readonly string[];
  /** Arguments of StorageTool's format. */
  readonly formatArgs: readonly string[];
  /** A properties file for Kafka's own tools. */
  readonly clientFile: string;
}

const quoted = (text: string) => `"${text}"`;

/** Makes the files in a folder. */
export async function makeKafkaSecrets(folder: string): Promise<KafkaSecrets> {
  const keytool = findProgram("keytool");
  if (keytool === null) throw new Error("Cannot make a certificate: keytool is not installed (it comes with Java)");
  const [store, caFile, clientFile] = ["broker.p12", "ca.pem", "client.properties"].map((name) => `${folder}/${name}`);
  const common = ["-keystore", store!, "-storepass", STORE_PASSWORD, "-alias", "broker"];
  await runProgram(keytool, {
    args: [
      "-genkeypair",
      ...common,
      "-storetype",
      "PKCS12",
      "-keyalg",
      "EC",
      "-validity",
      "30",
      "-dname",
      "CN=localhost",
    ]
      .concat(["-ext", "san=ip:127.0.0.1,dns:localhost", "-ext", "bc:c"]),
  });
  await runProgram(keytool, { args: ["-exportcert", ...common, "-rfc", "-file", caFile!] });
  const { username, password } = kafkaUser;
  const login = `username=${quoted(username)} password=${quoted(password)}`;
  const [plain, scram] = ["plain.PlainLoginModule", "scram.ScramLoginModule"].map((name) =>
    `org.apache.kafka.common.security.${name} required`
  );
  await Deno.writeTextFile(
    clientFile!,
    [
      "security.protocol=SASL_SSL",
      "sasl.mechanism=PLAIN",
      `sasl.jaas.config=${plain} ${login};`,
      "ssl.truststore.type=PEM",
      `ssl.truststore.location=${caFile}`,
    ].join("\n"),
  );
  return {
    caFile: caFile!,
    clientFile: clientFile!,
    properties: [
      `ssl.keystore.location=${store}`,
      `ssl.keystore.password=${STORE_PASSWORD}`,
      "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      `listener.name.client.plain.sasl.jaas.config=${plain} ${login} user_${username}=${quoted(password)};`,
      ...["256", "512"].map((bits) => `listener.name.client.scram-sha-${bits}.sasl.jaas.config=${scram};`),
    ],
    formatArgs: ["256", "512"].flatMap((
      bits,
    ) => ["--add-scram", `SCRAM-SHA-${bits}=[name=${quoted(username)},password=${quoted(password)}]`]),
  };
}
