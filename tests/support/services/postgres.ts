/**
 * A real Postgres for tests: the one that TIDEMARK_TEST_POSTGRES names, or one started here from installed programs.
 * @module
 */
import postgres from "postgres";
import { type Certificate, makeCertificate, missingOpenssl } from "./certificate.ts";
import { findProgram, freePort, pause, runProgram, type Service, spawnService, waitUntil } from "./service.ts";

/** URL of a running server on which the tests may make databases. */
const given = Deno.env.get("TIDEMARK_TEST_POSTGRES");

/** A server. Disposing removes the databases made here, and the server where it was started here. */
export interface PostgresServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The authority to trust, where TLS was asked for. */
  readonly caFile: string | null;
  /** Makes an empty database and gives its URL; `options` as in CREATE DATABASE. */
  newDatabase(options?: string): Promise<string>;
  /** Runs SQL as the server's administrator, in that database where its name is given. */
  admin(sql: string, database?: string): Promise<(string | null)[][]>;
  /** Kills the server at once, as by `kill -9`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and waits until it answers. */
  start(): Promise<void>;
}

/** How the server is to be. */
export interface PostgresServerOptions {
  /** Accepts connections by TLS only. */
  readonly tls?: boolean;
  /** What its certificate is for. Default: localhost and 127.0.0.1. */
  readonly certificateNames?: string;
  /** Forces each commit to disk, as in production. Default false: a killed server loses nothing by that. */
  readonly fsync?: boolean;
}

/** Where distributions put the server's programs. */
function serverFolders(): string[] {
  try {
    const versions = [...Deno.readDirSync("/usr/lib/postgresql")].map(({ name }) => name);
    return versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`);
  } catch {
    return [];
  }
}

/** Why there is no server that can be started, killed and set up at will; null where there is. */
export function missingPostgresPrograms(): string | null {
  for (const program of ["initdb", "postgres"]) {
    if (findProgram(program, serverFolders()) === null) return `the server's program ${program} is not installed`;
  }
  if (Deno.uid() === 0 && serverUser() === null) return "root needs an account named postgres to run the server under";
  return null;
}

/** Why there is no server to test on; null where there is. */
export function missingPostgres(): string | null {
  return given === undefined ? missingPostgresPrograms() : null;
}

/** Why there is no server behind TLS to test on; null where there is. */
export function missingPostgresTls(): string | null {
  return missingPostgresPrograms() ?? missingOpenssl();
}

/** The account to run the server under, since it refuses to be root. */
function serverUser(): { uid: number; gid: number } | null {
  const line = Deno.readTextFileSync("/etc/passwd").split("\n").find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/** A server for tests that neither kill it nor ask for TLS: the given one, else one started here. */
export function findPostgres(): Promise<PostgresServer> {
  return given === undefined ? startPostgres() : Promise.resolve(new Server(new URL(given), null, null));
}

/** Starts a server of its own in a temporary folder on a free port, with a password. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<
  PostgresServer
> {
  const { tls = false, fsync = false, certificateNames } = options;
  const folder = await Deno.makeTempDir({ prefix: "tidemark-postgres-" });
  const account = Deno.uid() === 0 ? serverUser() : null;
  const url = new URL(`postgres://admin:${crypto.randomUUID()}@127.0.0.1:${freePort()}/postgres`);
  const certificate = tls ? await makeCertificate(folder, certificateNames) : null;
  await Deno.writeTextFile(`${folder}/password`, url.password);
  if (account !== null) {
    for (const name of ["", ...[...Deno.readDirSync(folder)].map((entry) => entry.name)]) {
      await Deno.chown(`${folder}/${name}`, account.uid, account.gid);
    }
  }
  if (certificate) await Deno.chmod(certificate.keyFile, 0o600);
  const data = `${folder}/data`;
  const common = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
  await runProgram(findProgram("initdb", serverFolders())!, {
    args: ["-D", data, "-U", url.username, `--pwfile=${folder}/password`, ...common],
    cwd: folder,
    ...account,
  });
  if (tls) await requireTls(data);
  const settings = [
    `port=${url.port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    `fsync=${fsync ? "on" : "off"}`,
    "max_connections=50",
    ...certificate ? ["ssl=on", `ssl_cert_file=${certificate.certFile}`, `ssl_key_file=${certificate.keyFile}`] : [],
  ];
  const spawn = () =>
    spawnService(findProgram("postgres", serverFolders())!, {
      args: ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
      cwd: folder,
      ...account,
    });
  const server = new Server(url, certificate, { folder, spawn });
  try {
    await server.start();
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return server;
}

async function requireTls(data: string): Promise<void> {
  const path = `${data}/pg_hba.conf`;
  const rules = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, rules.replaceAll(/^host /gm, "hostssl "));
}

/** What a server started here is made of. */
interface Own {
  readonly folder: string;
  spawn(): Service;
}

class Server implements PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly caFile: string | null;
  readonly #own: Own | null;
  readonly #tls: boolean;
  readonly #database: string;
  readonly #databases: string[] = [];
  #service: Service | null = null;

  constructor(url: URL, certificate: Certificate | null, own: Own | null) {
    this.host = url.hostname;
    this.port = Number(url.port || 5432);
    this.user = decodeURIComponent(url.username);
    this.password = decodeURIComponent(url.password);
    this.#database = url.pathname.slice(1) || "postgres";
    this.caFile = certificate?.caFile ?? null;
    this.#tls = certificate !== null;
    this.#own = own;
  }

  async admin(sql: string, database = this.#database): Promise<(string | null)[][]> {
    const { host, port, user, password } = this;
    const ssl = this.#tls ? "require" as const : false;
    const client = postgres({
      host,
      port,
      user,
      password,
      database,
      ssl,
      max: 1,
      onnotice: () => {},
      connect_timeout: 5,
    });
    try {
      return [...await client.unsafe(sql).values()] as (string | null)[][];
    } finally {
      await client.end({ timeout: 1 });
    }
  }

  async newDatabase(options = ""): Promise<string> {
    const name = `tidemark_test_${crypto.randomUUID().slice(0, 8)}`;
    await this.admin(`CREATE DATABASE ${name} ${options}`);
    this.#databases.push(name);
    const { host, port, user, password } = this;
    return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${name}`;
  }

  async kill(): Promise<void> {
    await this.#service!.stop("SIGKILL");
  }

  async start(): Promise<void> {
    let service = this.#service = this.#own!.spawn();
    await waitUntil(async () => {
      // After a kill the orphans of the last server hold its memory for a moment, and a new one gives up.
      if (service.ended) {
        await pause(100);
        service = this.#service = this.#own!.spawn();
      }
      return (await this.admin("SELECT 1")).length === 1;
    }, { timeoutMs: 30_000, what: "Postgres to answer", explain: () => service.lastWords() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#own === null) {
      for (const name of this.#databases) await this.admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    }
    await this.#service?.stop("SIGINT");
    await Deno.remove(this.#own.folder, { recursive: true });
  }
}
