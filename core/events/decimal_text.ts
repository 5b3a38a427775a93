import * as z from "zod";
import { DECIMAL_SCALE } from "../decimal.ts";

const pattern = new RegExp(`^\\d{1,18}(\\.\\d{1,${DECIMAL_SCALE}}0*)?$`);

/** Whether a value is a text as {@link decimalText} has it. */
export const isDecimalText = (value: unknown): boolean => typeof value === "string" && pattern.test(value);

/** A decimal string of a price, a size or an amount: exact, without sign or exponent. */
export const decimalText: z.ZodString = z.string().regex(
  pattern,
  `expected a decimal string without sign or exponent, with at most ${DECIMAL_SCALE} fraction digits`,
);
