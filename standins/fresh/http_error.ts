// The statuses that an app answers itself; a table is smaller than node:http.
const TEXTS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** An error with an HTTP status: thrown anywhere, it is answered by the nearest `_error` page with that status. */
export class HttpError extends Error {
  /** The HTTP status to answer with. */
  readonly status: number;

  /** Takes the status, then what `Error` takes. */
  constructor(status: number, message?: string, options?: ErrorOptions) {
    super(message ?? TEXTS[status] ?? `HTTP status ${status}`, options);
    this.name = "HttpError";
    this.status = status;
  }
}

/** The status that an error is answered with: HttpError's own, else 500. */
export function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}
