export interface JsonReplyOptions {
  readonly status?: number;
  /** Override the default headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON response that caches must not store. */
export function jsonReply(
  value: unknown,
  { status = 200, headers = {} }: JsonReplyOptions = {},
): Response {
  // A plain object, because the adapter would have to read a `Headers` object back.
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
}
