/**
 * Where the dashboard listens and where the embedded stores lie.
 * @module
 */
import { integer, type Section } from "./variable.ts";

/** Settings of the process as a whole. */
export interface ServerConfig {
  /** Folder of the embedded stores. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Needed for any bind other than loopback. */
  readonly token: string | undefined;
}

/** Whether a bind address is reachable from this machine only. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

/** The section. */
export const serverSection: Section<ServerConfig> = {
  variables: [
    {
      name: "DATA_DIR",
      fallback: "data",
      expected: "a path",
      about: "folder of the embedded stores",
      check: (value) => value.trim() !== "",
    },
    {
      name: "HOST",
      fallback: "127.0.0.1",
      expected: "an IP address or host name",
      about: "address that the dashboard listens on",
      check: (value) => /^[\w.:-]+$/.test(value),
    },
    { name: "PORT", fallback: "8000", about: "port of the dashboard; 0 takes a free one", ...integer(0, 65_535) },
    {
      name: "TIDEMARK_TOKEN",
      fallback: "",
      expected: "at least 16 characters",
      about: "token that callers must show when HOST is not loopback",
      secret: true,
      check: (value) => value === "" || value.length >= 16,
    },
  ],
  read: (values) => ({
    dataDir: values.text("DATA_DIR"),
    host: values.text("HOST"),
    port: values.number("PORT"),
    token: values.text("TIDEMARK_TOKEN") || undefined,
  }),
  relations: ({ host, token }) =>
    isLoopback(host) || token !== undefined
      ? []
      : [["TIDEMARK_TOKEN", `a token of at least 16 characters, since HOST=${host} is not loopback`]],
};
