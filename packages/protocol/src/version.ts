export const PROTOCOL_VERSION = 1;

/**
 * Protocol versions that a node accepts in a hello message. Both ends of the range are included.
 */
export const ACCEPTED_VERSIONS = { min: 1, max: 1 } as const;

export function isAcceptedVersion(version: number): boolean {
  return (
    Number.isInteger(version) &&
    version >= ACCEPTED_VERSIONS.min &&
    version <= ACCEPTED_VERSIONS.max
  );
}
