import { sentMedia } from '../audit/media-packets.ts';
import { readCapture } from '../audit/packets.ts';
import { type HomeVisit, visitFrom } from '../support/home-visit.ts';
import { SmallInternet } from '../support/small-internet.ts';
import { expect, test } from '../support/story.ts';

type Kind = 'audio' | 'video';

/** Runs in the page. Returns the payload types of the open connections, by kind of media. */
function payloadTypes(): Readonly<Record<Kind, readonly number[]>> {
  const open = window.keptConnections.filter(({ connectionState }) => connectionState !== 'closed');
  const lines = open.flatMap(({ remoteDescription }) =>
    (remoteDescription?.sdp ?? '').split('\r\n'),
  );
  const typesOf = (kind: Kind): readonly number[] =>
    lines
      .filter((line) => line.startsWith(`m=${kind} `))
      .flatMap((line) => line.split(' ').slice(3).map(Number));
  return { audio: typesOf('audio'), video: typesOf('video') };
}

/** Counts the media packets that each user sends while `act` runs, by kind of media. */
async function sentDuring(
  visitors: readonly HomeVisit[],
  act: () => Promise<void>,
): Promise<readonly Readonly<Record<Kind | 'other', number>>[]> {
  const captures = [];
  for (const { home } of visitors) captures.push(await home.capture());
  await act();
  const all = [];
  for (const [at, { person, home }] of visitors.entries()) {
    const types = await person.page.evaluate(payloadTypes);
    const packets = await readCapture((await captures[at]?.stop()) ?? '');
    const counts = { audio: 0, video: 0, other: 0 };
    for (const [type, count] of sentMedia(packets, home.address)) {
      const kind = types.audio.includes(type)
        ? 'audio'
        : types.video.includes(type)
          ? 'video'
          : 'other';
      counts[kind] += count;
    }
    all.push(counts);
  }
  return all;
}

test('sends no picture at voice and neither picture nor sound at text', {
  tag: '@long',
}, async () => {
  test.setTimeout(300_000);
  const internet = await SmallInternet.open({ FARANDOLE_MODES: 'video,voice,text' });
  try {
    const visitors = [
      await visitFrom(await internet.home(), 'Ana'),
      await visitFrom(await internet.home(), 'Ben'),
    ] as const;
    const [{ person: ana }, { person: ben }] = visitors;
    const chat = async (text: string): Promise<void> => {
      await ana.say(text);
      await ben.expectLine(text);
      await ben.say(`${text} too`);
      await ana.expectLine(`${text} too`);
    };
    const NOTHING = { audio: 0, video: 0, other: 0 };

    await test.step('at text', async () => {
      const sent = await sentDuring(visitors, async () => {
        for (const person of [ana, ben]) await person.startText();
        for (const person of [ana, ben]) await person.expectInCall();
        await chat('hello');
      });
      expect(sent).toEqual([NOTHING, NOTHING]);
    });

    await test.step('at voice', async () => {
      const sent = await sentDuring(visitors, async () => {
        await ana.button('Talk').click();
        await ana.button('Ask them').click();
        await ben.button('Yes').click();
        await ben.button('Start voice').click();
        for (const person of [ana, ben]) {
          await person.button('Listen').click();
          await person.expectSound();
        }
        await chat('I hear you');
      });
      for (const counts of sent) {
        expect(counts.audio).toBeGreaterThan(50);
        expect(counts).toEqual({ ...NOTHING, audio: counts.audio });
      }
    });

    await test.step('at video, so that the search finds pictures', async () => {
      const sent = await sentDuring(visitors, async () => {
        await ben.turnOnVideoWith(ana);
        for (const person of [ana, ben]) await person.showVideo();
        for (const person of [ana, ben]) await person.expectFrames(10);
      });
      for (const { audio, video, other } of sent) {
        expect(audio).toBeGreaterThan(0);
        expect(video).toBeGreaterThan(50);
        expect(other).toBe(0);
      }
    });

    await test.step('at voice after video', async () => {
      await ana.button('More').click();
      await ana.button('Go on with voice only').click();
      for (const person of [ana, ben]) await person.expectMedia('audio');
      const sent = await sentDuring(visitors, async () => {
        await ana.button('Listen').click();
        await ana.expectSound();
        await chat('only voice');
      });
      for (const counts of sent) {
        expect(counts.audio).toBeGreaterThan(10);
        expect(counts).toEqual({ ...NOTHING, audio: counts.audio });
      }
    });

    await test.step('at text after voice', async () => {
      await ben.button('More').click();
      await ben.button('Go on with text only').click();
      for (const person of [ana, ben]) await person.expectMedia();
      const sent = await sentDuring(visitors, () => chat('good night'));
      expect(sent).toEqual([NOTHING, NOTHING]);
    });
    expect([...ana.complaints, ...ben.complaints]).toEqual([]);
  } finally {
    await internet.close();
  }
});
