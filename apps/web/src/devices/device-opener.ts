import { CONSTRAINTS, type DeviceAccess, type ListedDevice } from './device-access.ts';
import { deviceFailureOf } from './device-failure.ts';
import { devicesOf } from './device-lists.ts';
import type { DeviceFailure, DevicesWanted } from './devices-view.ts';

export interface WhichDevices {
  readonly video?: MediaTrackConstraints;
  readonly audio?: MediaTrackConstraints;
}

export type Opened =
  | { readonly ok: true; readonly stream: MediaStream }
  | { readonly ok: false; readonly failure: DeviceFailure };

/**
 * Opens camera and microphone. Returns them, or the reason why they failed to open. Never rejects.
 */
export async function openDevices(
  access: DeviceAccess,
  wanted: DevicesWanted,
  which: WhichDevices,
): Promise<Opened> {
  try {
    return { ok: true, stream: await open(access, wanted, which) };
  } catch (error) {
    return { ok: false, failure: await reasonOf(access, wanted, error) };
  }
}

async function open(
  access: DeviceAccess,
  wanted: DevicesWanted,
  which: WhichDevices,
): Promise<MediaStream> {
  try {
    return await access.open({
      video: wanted.camera && { ...CONSTRAINTS.camera, ...which.video },
      audio: wanted.microphone && { ...CONSTRAINTS.microphone, ...which.audio },
    });
  } catch (error) {
    if ((error as Partial<Error> | null)?.name !== 'OverconstrainedError') throw error;
    // If the camera doesn't support the requested size, any size is accepted.
    return await access.open({ video: wanted.camera, audio: wanted.microphone });
  }
}

async function reasonOf(
  access: DeviceAccess,
  wanted: DevicesWanted,
  error: unknown,
): Promise<DeviceFailure> {
  const [camera, microphone, listed] = await Promise.all([
    access.permission('camera'),
    access.permission('microphone'),
    access.list(),
  ]);
  const count = (kind: ListedDevice['kind']): number | null =>
    listed === null ? null : devicesOf(listed, kind).length;
  return deviceFailureOf(error, {
    wanted,
    camera,
    microphone,
    cameras: count('camera'),
    microphones: count('microphone'),
  });
}
