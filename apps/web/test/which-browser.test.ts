import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROWSERS } from '../src/gallery/browsers.ts';
import { browserPlaceOf } from '../src/help/which-browser.ts';

const place = (name: keyof typeof BROWSERS): string => {
  const { browser, system, app } = browserPlaceOf(BROWSERS[name]);
  return [browser, system, ...(app === null ? [] : [`in ${app}`])].join(' ');
};

test('a browser and its system are known by what they say', () => {
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

test('a tablet that calls itself a Mac is told by its touch screen', () => {
  assert.equal(place('safariIpad'), 'safari ios');
});

test('an app that shows pages inside itself is known, by name where it has one', () => {
  assert.match(place('instagramIos'), /ios in Instagram$/u);
  assert.match(place('facebookAndroid'), /android in Facebook$/u);
  assert.match(place('messengerIos'), /ios in Messenger$/u);
  assert.match(place('tiktokAndroid'), /android in TikTok$/u);
  assert.match(place('webviewAndroid'), /android in $/u);
  assert.match(place('webviewIos'), /ios in $/u);
});

test('whoever says nothing is in a browser, of which nothing is known', () => {
  assert.deepEqual(browserPlaceOf({ userAgent: '', touchPoints: 0 }), {
    browser: 'other',
    system: 'other',
    app: null,
  });
});
