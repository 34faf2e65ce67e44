import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROWSERS } from '../src/gallery/browsers.ts';
import { browserPlatformOf } from '../src/help/which-browser.ts';

const place = (name: keyof typeof BROWSERS): string => {
  const { browser, system, app } = browserPlatformOf(BROWSERS[name]);
  return [browser, system, ...(app === null ? [] : [`in ${app}`])].join(' ');
};

test('detects browser and system', () => {
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

test('detects in-app browsers, by name if known', () => {
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
