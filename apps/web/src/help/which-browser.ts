/** Facts about this browser. They choose texts and are never sent to the server. */
export interface BrowserFacts {
  readonly userAgent: string;
  /**
   * Number of touch points of the screen. An iPad that claims to be a desktop computer is
   * recognised by a value above 0.
   */
  readonly touchPoints: number;
  /** Whether the browser asks sites to save data. */
  readonly savesData?: boolean | undefined;
}

export type BrowserName = 'chrome' | 'edge' | 'firefox' | 'safari' | 'samsung' | 'other';
export type SystemName = 'android' | 'chromeos' | 'ios' | 'linux' | 'macos' | 'windows' | 'other';

/** The browser and the operating system, if known. They only choose the help texts. */
export interface BrowserPlatform {
  readonly browser: BrowserName;
  readonly system: SystemName;
  /**
   * The app in which the page is embedded. It is `null` in a normal browser, and empty if the app's
   * name is unknown.
   */
  readonly app: string | null;
}

/** Patterns that recognise an app by the words that it adds to the user agent. */
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

/**
 * The first pattern that matches decides, because a user agent also contains the names of browsers
 * further down the list.
 */
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
  // iPadOS claims to be macOS. It is recognised by its touch screen, because no Mac has one.
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
