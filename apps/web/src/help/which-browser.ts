/** Read on this device only, to choose help texts. */
export interface BrowserFacts {
  readonly userAgent: string;
  /** Above 0 on a tablet that claims to be a desktop computer. */
  readonly touchPoints: number;
}

export type BrowserName = 'chrome' | 'edge' | 'firefox' | 'safari' | 'samsung' | 'other';
export type SystemName = 'android' | 'chromeos' | 'ios' | 'linux' | 'macos' | 'windows' | 'other';

/** The browser and system, as far as known. Used only to choose help texts. */
export interface BrowserPlatform {
  readonly browser: BrowserName;
  readonly system: SystemName;
  /** The app that embeds the page; empty if it has no name, null in a browser. */
  readonly app: string | null;
}

/** Tokens that apps add to the user agent. */
const APPS: readonly (readonly [RegExp, string])[] = [
  [/\bInstagram\b/u, 'Instagram'],
  [/\b(?:FBAN\/Messenger|MessengerForiOS|Orca-Android)/u, 'Messenger'],
  [/\bFB(?:AN|AV|_IAB)\b/u, 'Facebook'],
  [/\b(?:BytedanceWebview|musical_ly|TikTok|trill_)/u, 'TikTok'],
  [/\bSnapchat\b/u, 'Snapchat'],
  [/\bWhatsApp\b/u, 'WhatsApp'],
  [/\bTelegram\b/u, 'Telegram'],
  [/\bTwitter(?:Android)?\b/u, 'X'],
  [/\bLinkedInApp\b/u, 'LinkedIn'],
  [/\bPinterest\b/u, 'Pinterest'],
  [/\bRedditAndroid\b|\bReddit\//u, 'Reddit'],
  [/\bMicroMessenger\b/u, 'WeChat'],
  [/\bLine\//u, 'LINE'],
  [/\bKAKAOTALK\b/u, 'KakaoTalk'],
  [/\bGSA\//u, 'Google'],
];

/** The first match wins: each also names those below it. */
const BROWSERS: readonly (readonly [RegExp, BrowserName])[] = [
  [/\bSamsungBrowser\//u, 'samsung'],
  [/\bEdg(?:A|iOS)?\//u, 'edge'],
  [/\b(?:OPR|OPT|Vivaldi|YaBrowser)\//u, 'other'],
  [/\b(?:Firefox|FxiOS)\//u, 'firefox'],
  [/(?:Chrome|CriOS)\//u, 'chrome'],
  [/\bSafari\//u, 'safari'],
];

const SYSTEMS: readonly (readonly [RegExp, SystemName])[] = [
  [/\b(?:iPad|iPhone|iPod)\b/u, 'ios'],
  [/\bAndroid\b/u, 'android'],
  [/\bCrOS\b/u, 'chromeos'],
  [/\bWindows\b/u, 'windows'],
  [/\bMac OS X\b/u, 'macos'],
  [/\bLinux\b/u, 'linux'],
];

export function browserPlatformOf({ userAgent, touchPoints }: BrowserFacts): BrowserPlatform {
  const browser = firstOf(BROWSERS, userAgent) ?? 'other';
  const named = firstOf(SYSTEMS, userAgent) ?? 'other';
  // iPadOS claims to be macOS; no Mac has a touch screen.
  const system = named === 'macos' && touchPoints > 1 ? 'ios' : named;
  const nameless = /; wv\)/u.test(userAgent) || (system === 'ios' && browser === 'other');
  return { browser, system, app: firstOf(APPS, userAgent) ?? (nameless ? '' : null) };
}

function firstOf<T>(signs: readonly (readonly [RegExp, T])[], text: string): T | null {
  return signs.find(([sign]) => sign.test(text))?.[1] ?? null;
}

export function isPhone({ system }: BrowserPlatform): boolean {
  return system === 'android' || system === 'ios';
}
