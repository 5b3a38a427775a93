/**
 * What this host is called, for telling producers apart.
 * @module
 */
import type { ShardNames } from "../ingest/sharding.ts";

/** How long a name server may take. */
const LOOKUP_MS_MAX = 3_000;

/** The names that the machine and its network give this host. */
export const hostNames: ShardNames = {
  hostName: () => Deno.hostname(),
  async reverseNames() {
    const names: string[] = [];
    for (const { address } of Deno.networkInterfaces().filter(isOutside)) {
      try {
        const signal = AbortSignal.timeout(LOOKUP_MS_MAX);
        names.push(...await Deno.resolveDns(reverseZoneName(address), "PTR", { signal }));
      } catch {
        // No name for this address, or nobody to ask: whoever asks gets to know that there is none.
      }
    }
    return names;
  },
};

const isOutside = ({ family, address }: Deno.NetworkInterfaceInfo): boolean =>
  family === "IPv4" && !address.startsWith("127.");

/** The name under which the name of an IPv4 address is kept: `4.0.18.172.in-addr.arpa`. */
export const reverseZoneName = (address: string): string => `${address.split(".").reverse().join(".")}.in-addr.arpa`;
