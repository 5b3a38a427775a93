/**
 * Errors on their way between threads.
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";

/** An error as it crosses. */
export interface Failure {
  readonly message: string;
  readonly stack: string | undefined;
  /** Where the user can mend it. */
  readonly user: { readonly code: "usage" | "owned" | "unavailable"; readonly fix: string } | null;
}

/** An error as it crosses. */
export const failureOf = (error: unknown): Failure => ({
  message: messageOf(error),
  stack: error instanceof Error ? error.stack : undefined,
  user: error instanceof UserError ? { code: error.code, fix: error.fix } : null,
});

/** The error that crossed. */
export function errorOf({ message, stack, user }: Failure): Error {
  const error = user ? new UserError(user.code, { cause: message, fix: user.fix }) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
