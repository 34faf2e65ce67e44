import type { DeviceAccess } from './device-access.ts';
import type { DevicesWanted } from './devices-view.ts';

export function browserDevices(): DeviceAccess {
  return {
    support: support(),
    choosesSpeaker: 'setSinkId' in HTMLMediaElement.prototype,
    open: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
    permission: async (device) => (await query(device))?.state ?? null,
    onPermissionChange: (changed) => {
      const stop = new AbortController();
      const { signal } = stop;
      for (const device of ['camera', 'microphone'] as const) void listen(device, changed, signal);
      return () => stop.abort();
    },
    list: async () => {
      try {
        return (await navigator.mediaDevices.enumerateDevices()).map(
          ({ kind, deviceId, label, groupId }) => ({
            kind: KINDS[kind],
            id: deviceId,
            label,
            group: groupId,
          }),
        );
      } catch {
        return null;
      }
    },
    onDevicesChange: (changed) => {
      const stop = new AbortController();
      navigator.mediaDevices.addEventListener('devicechange', changed, { signal: stop.signal });
      return () => stop.abort();
    },
    stream: (tracks) => new MediaStream([...tracks]),
  };
}

const KINDS = {
  videoinput: 'camera',
  audioinput: 'microphone',
  audiooutput: 'speaker',
} as const;

function support(): DeviceAccess['support'] {
  const has = 'mediaDevices' in navigator && 'RTCPeerConnection' in globalThis;
  return has ? 'yes' : 'unsupported';
}

/** Queries the permission for a device. Returns `null` if the browser can't query it. */
async function query(device: keyof DevicesWanted): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: device });
  } catch {
    return null;
  }
}

async function listen(
  device: keyof DevicesWanted,
  changed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const permission = await query(device);
  permission?.addEventListener('change', changed, { signal });
}
