/**
 * Parses the contents of a decrypted token. Null if decryption failed. Each caller validates the
 * fields, because older versions wrote other shapes.
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
