import type { DeviceAccess } from './device-access.ts';
import type { DevicesWanted } from './devices-view.ts';

/**
 * Waits until the user unblocks the devices in the browser's settings.
 * @param allowed called after each change of a permission that leaves no wanted device denied
 * @returns a function that stops waiting
 */
export function watchPermissions(
  access: DeviceAccess,
  wanted: DevicesWanted,
  allowed: () => void,
): () => void {
  let waiting = true;
  const isDenied = async (): Promise<boolean> => {
    const [camera, microphone] = await Promise.all([
      access.permission('camera'),
      access.permission('microphone'),
    ]);
    return (wanted.camera && camera === 'denied') || (wanted.microphone && microphone === 'denied');
  };
  const stop = access.onPermissionChange(() => {
    void isDenied().then((denied) => {
      if (!denied && waiting) allowed();
    });
  });
  return () => {
    waiting = false;
    stop();
  };
}
