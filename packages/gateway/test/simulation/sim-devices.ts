import type { ConnectionId, DeviceKeyId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { DeviceSignature, Devices } from '../../src/devices.ts';
import type { FakeSigner } from '../support/fake-signer.ts';
import type { Scheduler } from './scheduler.ts';

/** Share of the signatures that are verified at once. */
const AT_ONCE_CHANCE = 0.5;
const VERIFY_MS_MAX = 8;

/** Verifies the signatures of devices at once or later, in any order. */
export class SimDevices implements Devices {
  readonly #scheduler: Scheduler;
  readonly #signer: FakeSigner;
  readonly #verified: (connection: ConnectionId, device: DeviceKeyId | null) => void;
  readonly #waits: (connection: ConnectionId) => void;
  readonly #prng = createPrng(1);

  constructor(
    scheduler: Scheduler,
    signer: FakeSigner,
    verified: (connection: ConnectionId, device: DeviceKeyId | null) => void,
    waits: (connection: ConnectionId) => void = () => {},
  ) {
    this.#scheduler = scheduler;
    this.#signer = signer;
    this.#verified = verified;
    this.#waits = waits;
  }

  verify(signed: DeviceSignature, connection: ConnectionId): DeviceKeyId | null | 'later' {
    const device = this.#signer.verify(signed);
    if (this.#prng.chance(AT_ONCE_CHANCE)) return device;
    this.#waits(connection);
    this.#scheduler.after(this.#prng.below(VERIFY_MS_MAX), () =>
      this.#verified(connection, device),
    );
    return 'later';
  }
}
