/** Null if unopened. Older versions sealed other shapes, so each reader validates its fields. */
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
