import { launchBare } from '../support/browser.ts';
import { startCaddy } from '../support/caddy.ts';
import { freePort } from '../support/free-port.ts';
import { expect, test } from '../support/story.ts';

test('starts a search over HTTPS behind the shipped Caddyfile', async ({ node }) => {
  const httpsPort = await freePort();
  const origin = `https://localhost:${httpsPort}`;
  const { port } = await node({
    FARANDOLE_ORIGINS: origin,
    FARANDOLE_TRUSTED_PROXIES: '127.0.0.1,::1',
  });
  const caddy = await startCaddy(httpsPort, port);
  const browser = await launchBare({ devices: 'none' });
  try {
    // The browser doesn't trust the certificate authority of the test.
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
    const page = await context.newPage();
    const complaints: string[] = [];
    const sockets: string[] = [];
    page.on('console', (message) => {
      // Chromium warns of features in `Permissions-Policy` that it doesn't know.
      if (message.type() === 'error' || message.text().includes('Permissions-Policy')) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const isInTheQueue = new Promise<void>((resolve) => {
      page.on('websocket', (socket) => {
        sockets.push(socket.url());
        socket.on('framereceived', ({ payload }) => {
          if (String(payload).includes('"ticket.accepted"')) resolve();
        });
      });
    });
    await page.goto(origin);
    await page.getByRole('button', { name: 'Text only' }).click();
    await page.getByRole('button', { name: /18 or over/ }).click();
    await isInTheQueue;
    await expect(page.getByRole('complementary', { name: 'Connection' })).toHaveCount(0);
    expect(new Set(sockets)).toEqual(new Set([`wss://localhost:${httpsPort}/ws`]));
    const [cookie, ...others] = await context.cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({
      name: '__Host-farandole',
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
    });
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    await caddy.stop();
  }
});
