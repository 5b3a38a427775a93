/**
 * Certificates for services behind TLS, made by openssl for the length of a test.
 * @module
 */
import { findProgram, runProgram } from "./service.ts";

/** Files of a certificate. */
export interface Certificate {
  /** Signed the certificate: what a client is to trust. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Why no certificate can be made; null where one can. */
export function missingOpenssl(): string | null {
  return findProgram("openssl") === null ? "openssl is not installed" : null;
}

/** Makes an authority and a certificate signed by it in a folder; `names` as openssl writes them. */
export async function makeCertificate(folder: string, names = "DNS:localhost,IP:127.0.0.1"): Promise<Certificate> {
  const file = (name: string) => `${folder}/${name}`;
  const openssl = (...args: string[]) => runProgram("openssl", { args, cwd: folder });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    ...["req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=Tidemark test authority"],
    ...["-keyout", file("ca.key"), "-out", file("ca.crt")],
  );
  await openssl("req", ...newKey, "-subj", "/CN=localhost", "-keyout", file("server.key"), "-out", file("server.csr"));
  await Deno.writeTextFile(
    file("server.ext"),
    `subjectAltName=${names}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`,
  );
  await openssl(
    ...["x509", "-req", "-in", file("server.csr"), "-CA", file("ca.crt"), "-CAkey", file("ca.key"), "-CAcreateserial"],
    ...["-days", "2", "-extfile", file("server.ext"), "-out", file("server.crt")],
  );
  return { caFile: file("ca.crt"), certFile: file("server.crt"), keyFile: file("server.key") };
}
