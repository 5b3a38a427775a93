/**
 * Errors on their way between threads.
 * @module
 */
import { messageOf, UserError } from "../../core/errors.ts";
import type { Failure } from "./protocol.ts";

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
