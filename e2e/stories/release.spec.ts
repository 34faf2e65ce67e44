import { freePort } from '../support/free-port.ts';
import { meetByVideo } from '../support/meeting.ts';
import { startProgram } from '../support/process.ts';
import { buildRelease, installRelease, removeRelease } from '../support/release.ts';
import { expect, test } from '../support/story.ts';

test('lets two browsers meet on an unpacked archive', { tag: '@long' }, async ({ arrive }) => {
  // The archive is packed and unpacked, which takes longer than a meeting.
  test.setTimeout(600_000);
  const release = await buildRelease();
  const installed = await installRelease(release);
  const port = await freePort();
  const [command, ...args] = installed.command;
  const program = startProgram(command, [...args, 'serve'], {
    PORT: String(port),
    FARANDOLE_DATA_DIR: installed.dataDir,
  });
  try {
    await program.printed(/"event":"listening"/);
    const url = `http://localhost:${port}`;
    const ana = await arrive('Ana', url);
    const ben = await arrive('Ben', url);
    await meetByVideo(ana, ben);
    await ana.showVideo();
    await ana.expectFrames(10);
    await ana.say('hello from the archive');
    await ben.expectLine('hello from the archive');
    for (const line of program.output().trim().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('event');
    }
    // The pages leave first, because they report a server that ends.
    await ana.leave();
    await ben.leave();
  } finally {
    await program.stop('SIGKILL');
    await removeRelease(installed);
    await removeRelease(release);
  }
});
