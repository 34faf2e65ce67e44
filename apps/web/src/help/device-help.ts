import type { DeviceFailure, DeviceFailureKind, DevicesWanted } from '../devices/devices-view.ts';
import type { WordKey } from '../i18n/words.ts';
import type { IconName } from '../ui/icons.tsx';
import { type BrowserPlatform, isPhone } from './which-browser.ts';

export interface HelpStep {
  readonly words: WordKey;
  readonly icon?: IconName;
}

export interface DeviceHelp {
  readonly title: WordKey;
  readonly text: WordKey;
  readonly steps: readonly HelpStep[];
  /** Whether trying again may help. */
  readonly mayMend: boolean;
  /**
   * Whether the user must open another browser. The help then offers to copy the page's address.
   */
  readonly copiesLink: boolean;
}

const AGAIN: HelpStep = { words: 'help.again' };
const BY_ITSELF: HelpStep = { words: 'help.byItself' };
const ALLOW_BOTH: HelpStep = { words: 'help.site.allowBoth' };

/** Device failures that are most often caused by an in-app browser. */
const FOR_APPS: ReadonlySet<DeviceFailureKind> = new Set<DeviceFailureKind>([
  'unsupported',
  'dismissed',
  'blocked',
  'blocked-by-system',
  'failed',
]);

/**
 * Returns the help text for a device failure. The steps use the labels of this browser and this
 * system.
 */
export function deviceHelpFor(kind: DeviceFailureKind, place: BrowserPlatform): DeviceHelp {
  if (place.app !== null && FOR_APPS.has(kind)) {
    return {
      title: place.app === '' ? 'help.inApp.titleUnnamed' : 'help.inApp.title',
      text: 'help.inApp.text',
      steps: [{ words: 'help.inApp.menu', icon: 'dots' }, { words: 'help.inApp.paste' }],
      mayMend: kind !== 'unsupported',
      copiesLink: true,
    };
  }
  return {
    title: `greenRoom.failure.${kind}.title`,
    text: `greenRoom.failure.${kind}.text`,
    steps: stepsFor(kind, place),
    mayMend: kind !== 'unsupported',
    copiesLink: kind === 'unsupported',
  };
}

/**
 * Failures that may concern only the camera or only the microphone, even if the browser doesn't say
 * which.
 */
const OF_ONE: ReadonlySet<DeviceFailureKind> = new Set<DeviceFailureKind>(['in-use', 'failed']);

/**
 * Returns which devices the user can open instead: only the microphone, only the camera, or
 * neither.
 */
export function restOf({ kind, device }: DeviceFailure): readonly DevicesWanted[] {
  const sound = { camera: false, microphone: true };
  const picture = { camera: true, microphone: false };
  if (device === 'camera') return [sound];
  if (device === 'microphone') return [picture];
  return OF_ONE.has(kind) ? [sound, picture] : [];
}

function stepsFor(kind: DeviceFailureKind, place: BrowserPlatform): readonly HelpStep[] {
  switch (kind) {
    case 'dismissed':
      return [
        { words: 'help.askAgain' },
        { words: isPhone(place) ? 'help.answerPhone' : 'help.answerDesk' },
      ];
    case 'blocked':
      return [...siteSteps(place), BY_ITSELF];
    case 'blocked-by-system':
      return [...systemSteps(place), AGAIN];
    case 'not-found':
      return isPhone(place)
        ? [{ words: 'help.missing.phone' }, AGAIN]
        : [{ words: 'help.missing.shutter' }, { words: 'help.missing.plug' }, AGAIN];
    case 'in-use':
      return isPhone(place)
        ? [{ words: 'help.inUse.phone' }, AGAIN]
        : [{ words: 'help.inUse.programs' }, { words: 'help.inUse.tabs' }, AGAIN];
    case 'unsupported':
      return [{ words: 'help.unsupported.open' }, { words: 'help.unsupported.paste' }];
    case 'failed':
      return isPhone(place)
        ? [{ words: 'help.missing.phone' }, AGAIN]
        : [{ words: 'help.failed.anew' }, AGAIN];
    default:
      return kind satisfies never;
  }
}

/** Returns the steps that lead to the browser's permission setting for this site. */
function siteSteps(place: BrowserPlatform): readonly HelpStep[] {
  const { browser, system } = place;
  const permissions: HelpStep = { words: 'help.site.permissions' };
  if (system === 'ios') {
    return browser === 'safari'
      ? [{ words: 'help.site.safariPhone', icon: 'pageMenu' }, ALLOW_BOTH]
      : [{ words: 'help.site.iosOther' }, { words: 'help.system.ios2' }];
  }
  switch (browser) {
    case 'chrome':
      return isPhone(place)
        ? [{ words: 'help.site.sign', icon: 'siteSign' }, permissions]
        : [{ words: 'help.site.sign', icon: 'siteSign' }, { words: 'help.site.turnOnBoth' }];
    case 'edge':
    case 'samsung':
      return [{ words: 'help.site.sign', icon: 'lock' }, isPhone(place) ? permissions : ALLOW_BOTH];
    case 'firefox':
      return isPhone(place)
        ? [{ words: 'help.site.sign', icon: 'lock' }, ALLOW_BOTH]
        : [{ words: 'help.site.firefox', icon: 'cameraOff' }, { words: 'help.site.firefoxCross' }];
    case 'safari':
      return [{ words: 'help.site.safariMenu' }, ALLOW_BOTH];
    case 'other':
      return [{ words: 'help.site.other' }, ALLOW_BOTH];
    default:
      return browser satisfies never;
  }
}

/** Returns the steps that lead to the operating system's permission setting for the browser. */
function systemSteps({ system }: BrowserPlatform): readonly HelpStep[] {
  return [{ words: `help.system.${system}1` }, { words: `help.system.${system}2` }];
}

/** Returns the browser's name, or `null` if it is unknown. The page then says "your browser". */
export function browserNameOf({ browser }: BrowserPlatform): string | null {
  return NAMES[browser];
}

const NAMES: Readonly<Record<BrowserPlatform['browser'], string | null>> = {
  chrome: 'Chrome',
  edge: 'Edge',
  firefox: 'Firefox',
  safari: 'Safari',
  samsung: 'Samsung Internet',
  other: null,
};
