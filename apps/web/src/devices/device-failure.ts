import type { DeviceFailure, DevicesWanted } from './devices-view.ts';

export interface FailureFacts {
  readonly wanted: DevicesWanted;
  readonly camera: PermissionState | null;
  readonly microphone: PermissionState | null;
  /** Number of connected cameras, or `null` if the browser doesn't reveal it. */
  readonly cameras: number | null;
  readonly microphones: number | null;
}

/**
 * Converts an error of `getUserMedia` to a reason that the page can explain. The specification
 * defines only the error's name. Whether the user, the site setting or the system refused follows
 * from the permission state and, in Chromium, from the error message.
 */
export function deviceFailureOf(error: unknown, facts: FailureFacts): DeviceFailure {
  const { name, message } = named(error);
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return { kind: refusalKind(message, facts), device: refusedDevice(facts) };
    case 'NotFoundError':
      return { kind: 'not-found', device: missingDevice(facts) };
    case 'NotReadableError':
    case 'AbortError':
      return { kind: 'in-use', device: takenDevice(message, facts) };
    case 'TypeError':
      return { kind: 'unsupported', device: deviceOf(facts.wanted) };
    default:
      return { kind: 'failed', device: deviceOf(facts.wanted) };
  }
}

function refusalKind(message: string, facts: FailureFacts): DeviceFailure['kind'] {
  if (/system/i.test(message)) return 'blocked-by-system';
  if (/dismiss/i.test(message)) return 'dismissed';
  const states = asked(facts).map(({ permission }) => permission);
  if (states.includes('denied')) return 'blocked';
  // The site has permission for the devices, but opening them was refused, so the operating system
  // refused it.
  if (states.every((state) => state === 'granted')) return 'blocked-by-system';
  return 'dismissed';
}

function refusedDevice(facts: FailureFacts): DeviceFailure['device'] {
  return (
    single(asked(facts).filter(({ permission }) => permission === 'denied')) ??
    deviceOf(facts.wanted)
  );
}

function missingDevice(facts: FailureFacts): DeviceFailure['device'] {
  return single(asked(facts).filter(({ count }) => count === 0)) ?? deviceOf(facts.wanted);
}

/**
 * Returns the device that Chromium's or Firefox's error message names. If the message names none,
 * returns `both`.
 */
function takenDevice(message: string, { wanted }: FailureFacts): DeviceFailure['device'] {
  if (deviceOf(wanted) !== 'both') return deviceOf(wanted);
  if (/video ?source/i.test(message)) return 'camera';
  return /audio ?source/i.test(message) ? 'microphone' : 'both';
}

function deviceOf({ camera, microphone }: DevicesWanted): DeviceFailure['device'] {
  if (camera && microphone) return 'both';
  return camera ? 'camera' : 'microphone';
}

interface DeviceRequest {
  readonly device: 'camera' | 'microphone';
  readonly permission: PermissionState | null;
  readonly count: number | null;
}

function asked({ wanted, ...facts }: FailureFacts): readonly DeviceRequest[] {
  const camera: DeviceRequest = {
    device: 'camera',
    permission: facts.camera,
    count: facts.cameras,
  };
  const microphone: DeviceRequest = {
    device: 'microphone',
    permission: facts.microphone,
    count: facts.microphones,
  };
  return [...(wanted.camera ? [camera] : []), ...(wanted.microphone ? [microphone] : [])];
}

function single(found: readonly DeviceRequest[]): 'camera' | 'microphone' | null {
  return found.length === 1 ? (found[0]?.device ?? null) : null;
}

function named(error: unknown): { name: string; message: string } {
  if (typeof error !== 'object' || error === null) return { name: '', message: '' };
  const { name, message } = error as { name?: unknown; message?: unknown };
  return {
    name: typeof name === 'string' ? name : '',
    message: typeof message === 'string' ? message : '',
  };
}
