import type { DeviceAccess, ListedDevice } from './device-access.ts';
import { deviceFailureOf } from './device-failure.ts';
import { devicesOf } from './device-lists.ts';
import type { DeviceFailure, DevicesWanted } from './devices-view.ts';

export async function reasonOf(
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
