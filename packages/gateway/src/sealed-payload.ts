/**
 * The fields of a token that the signer has opened, or null where it opened nothing. Only this
 * server seals, but an older version of it may have sealed another shape: each reader checks what
 * it takes.
 */
export function parsePayload(payload: string | null): Readonly<Record<string, unknown>> | null {
  if (payload === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return null;
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}
