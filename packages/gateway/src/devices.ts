import type { ConnectionId, DeviceKeyId } from '@farandole/kernel/id';

/** A text and its signature with a device key. */
export interface DeviceSignature {
  /** Uncompressed P-256 point, base64url. */
  readonly publicKey: string;
  readonly payload: string;
  /** r and s over the UTF-8 of `payload`, base64url. */
  readonly signature: string;
}

/** Verifies the signatures of device keys. */
export interface Devices {
  /**
   * Returns the id of the device key, or null if the signature isn't valid. Returns `later` if the
   * gateway's owner will call `deviceVerified` with the connection and the result.
   */
  verify(signed: DeviceSignature, connection: ConnectionId): DeviceKeyId | null | 'later';
}
