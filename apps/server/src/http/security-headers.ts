/**
 * The server sends no COEP header, because with cross-origin isolation the shield's wasm uses
 * threads and builds a worker from a string, which Trusted Types refuses. `farandole-url` is the
 * only Trusted Types policy. It makes the addresses of our own workers.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types farandole-url',
].join('; ');

/**
 * The console's pages may embed frames of their own origin, because the console embeds one document
 * (see `console/picture-frame.ts`).
 */
export const CONSOLE_POLICY = `${CONTENT_SECURITY_POLICY}; frame-src 'self'`;

/**
 * Browser features that the page uses or will soon use. They are allowed for its own origin only.
 */
const FEATURES_OF_THE_PAGE = [
  'autoplay',
  'camera',
  'clipboard-write',
  'digital-credentials-get',
  'fullscreen',
  'language-detector',
  'microphone',
  'on-device-speech-recognition',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'speaker-selection',
  'translator',
];

/**
 * Browser features that are denied. They are all other features that Chromium knows on every
 * platform, except three that calls need. Chromium warns in the console of each unknown feature,
 * such as `bluetooth` and `web-share` on Linux. Firefox ignores the header. Two users on one network or machine need `local-network-access` and `loopback-network`. A
 * call in a background tab needs `media-playback-while-not-visible`.
 */
const FEATURES_OF_NOBODY = [
  'accelerometer',
  'browsing-topics',
  'captured-surface-control',
  'clipboard-read',
  'compute-pressure',
  'cross-origin-isolated',
  'deferred-fetch',
  'digital-credentials-create',
  'display-capture',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'keyboard-map',
  'language-model',
  'local-fonts',
  'magnetometer',
  'midi',
  'otp-credentials',
  'payment',
  'private-state-token-issuance',
  'private-state-token-redemption',
  'serial',
  'storage-access',
  'summarizer',
  'sync-xhr',
  'unload',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

const PERMISSIONS_POLICY = [
  ...FEATURES_OF_THE_PAGE.map((feature) => `${feature}=(self)`),
  ...FEATURES_OF_NOBODY.map((feature) => `${feature}=()`),
].join(', ');

const ALWAYS = [
  ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
  ['Permissions-Policy', PERMISSIONS_POLICY],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
] as const;

/** The HSTS header is valid for two years. Browsers ignore it on plain HTTP. */
const STRICT_TRANSPORT_SECURITY = ['Strict-Transport-Security', 'max-age=63072000'] as const;

export function securityHeaders(isTls: boolean): readonly (readonly [string, string])[] {
  return isTls ? [...ALWAYS, STRICT_TRANSPORT_SECURITY] : ALWAYS;
}
