import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLocale } from '@farandole/ui/scripts/locales';
import type { DeviceFailureKind } from '../src/devices/devices-view.ts';
import { BROWSERS } from '../src/gallery/browsers.ts';
import { deviceHelpFor, restOf } from '../src/help/device-help.ts';
import { browserPlatformOf } from '../src/help/which-browser.ts';

const KINDS = [
  'unsupported',
  'dismissed',
  'blocked',
  'blocked-by-system',
  'not-found',
  'in-use',
  'failed',
] as const satisfies readonly DeviceFailureKind[];

const help = (kind: DeviceFailureKind, browser: keyof typeof BROWSERS) =>
  deviceHelpFor(kind, browserPlatformOf(BROWSERS[browser]));

function said(name: string): string {
  let found: unknown = readLocale('en', 'page-rest');
  for (const step of name.split('.')) found = (found as Record<string, unknown>)[step];
  assert.equal(typeof found, 'string', name);
  return found as string;
}

test('gives every device failure a title, a reason and two remedies', () => {
  for (const kind of KINDS) {
    for (const browser of Object.keys(BROWSERS) as (keyof typeof BROWSERS)[]) {
      const { title, text, steps } = help(kind, browser);
      for (const name of [title, text, ...steps.map(({ words }) => words)]) said(name);
      assert.ok(steps.length >= 2, `${kind} in ${browser}`);
      assert.equal(new Set(steps).size, steps.length);
    }
  }
});

test("describes where each browser stores the site's device permission", () => {
  const first = (browser: keyof typeof BROWSERS) =>
    said(help('blocked', browser).steps[0]?.words ?? '');
  assert.match(first('firefoxLinux'), /crossed-out camera/u);
  assert.match(first('safariMacos'), /“Safari”, then “Settings for this website”/u);
  assert.match(first('safariIos'), /“Website Settings”/u);
  assert.match(first('firefoxIos'), /phone’s Settings/u);
  assert.deepEqual(
    (['chromeWindows', 'edgeWindows', 'samsungAndroid', 'chromeAndroid'] as const).map(
      (browser) => help('blocked', browser).steps[0]?.icon,
    ),
    ['siteSign', 'lock', 'lock', 'siteSign'],
  );
});

test('refers to system settings if the system blocks a device', () => {
  const first = (browser: keyof typeof BROWSERS) =>
    said(help('blocked-by-system', browser).steps[0]?.words ?? '');
  assert.match(first('safariMacos'), /System Settings/u);
  assert.match(first('edgeWindows'), /“Privacy & security”/u);
  assert.match(first('safariIos'), /“Apps”/u);
  assert.match(first('samsungAndroid'), /“Permissions”/u);
});

test('suggests another browser to users of in-app browsers, if that helps', () => {
  for (const kind of ['unsupported', 'blocked', 'dismissed', 'failed'] as const) {
    assert.equal(help(kind, 'instagramIos').title, 'help.inApp.title');
    assert.equal(help(kind, 'webviewAndroid').title, 'help.inApp.titleUnnamed');
    assert.equal(help(kind, 'facebookAndroid').copiesLink, true);
  }
  for (const kind of ['not-found', 'in-use'] as const) {
    assert.equal(help(kind, 'instagramIos').title, `greenRoom.failure.${kind}.title`);
  }
});

test('offers a retry only for device failures that a retry can fix', () => {
  const final = KINDS.filter((kind) => !help(kind, 'chromeWindows').mayMend);
  assert.deepEqual(final, ['unsupported']);
});

test('lets a user without a camera or microphone start a video call', () => {
  const sound = { camera: false, microphone: true };
  const picture = { camera: true, microphone: false };
  for (const kind of KINDS) {
    assert.deepEqual(restOf({ kind, device: 'camera' }), [sound]);
    assert.deepEqual(restOf({ kind, device: 'microphone' }), [picture]);
  }
  assert.deepEqual(restOf({ kind: 'in-use', device: 'both' }), [sound, picture]);
  assert.deepEqual(restOf({ kind: 'blocked', device: 'both' }), []);
});

const place = (name: keyof typeof BROWSERS): string => {
  const { browser, system, app } = browserPlatformOf(BROWSERS[name]);
  return [browser, system, ...(app === null ? [] : [`in ${app}`])].join(' ');
};

test('detects browser and operating system from the user agent', () => {
  assert.deepEqual(
    (
      [
        'chromeWindows',
        'edgeWindows',
        'operaWindows',
        'chromebook',
        'firefoxLinux',
        'safariMacos',
        'safariIos',
        'firefoxIos',
        'chromeAndroid',
        'firefoxAndroid',
        'samsungAndroid',
      ] as const
    ).map(place),
    [
      'chrome windows',
      'edge windows',
      'other windows',
      'chrome chromeos',
      'firefox linux',
      'safari macos',
      'safari ios',
      'firefox ios',
      'chrome android',
      'firefox android',
      'samsung android',
    ],
  );
});

test('detects an iPad that claims to be a Mac by touch', () => {
  assert.equal(place('safariIpad'), 'safari ios');
});

test("detects in-app browsers, and the app's name if known", () => {
  assert.match(place('instagramIos'), /ios in Instagram$/u);
  assert.match(place('facebookAndroid'), /android in Facebook$/u);
  assert.match(place('messengerIos'), /ios in Messenger$/u);
  assert.match(place('tiktokAndroid'), /android in TikTok$/u);
  assert.match(place('webviewAndroid'), /android in $/u);
  assert.match(place('webviewIos'), /ios in $/u);
});

test('treats a browser without a user agent as unknown', () => {
  assert.deepEqual(browserPlatformOf({ userAgent: '', touchPoints: 0 }), {
    browser: 'other',
    system: 'other',
    app: null,
  });
});
