import '../styles/stage.css';
import '../styles/conversation.css';
import '../styles/corner.css';
import '../styles/call-controls.css';
import '../styles/keyboard.css';
import '../styles/conversation-tiles.css';
import '../styles/stranger-tile.css';
import '../styles/call-moves.css';
import '../styles/chat.css';
import '../styles/dance.css';
import '../styles/larger-text.css';
import { useEffect, useRef } from 'preact/hooks';
import type { CallView } from '../call/call-view.ts';
import { t } from '../i18n/words.ts';
import { followKeyboard } from '../keyboard/keyboard.ts';
import { Heading } from '../ui/heading.tsx';
import { carriesText, offeredModes } from '../ui/offered-modes.ts';
import { useApp } from './app-context.ts';
import { AgePrompt } from './conversation/age-prompt.tsx';
import { cardPart } from './conversation/card-part.ts';
import { Chat, drawerOpen, hasColumn, resetChat } from './conversation/chat.tsx';
import { ControlBar } from './conversation/control-bar.tsx';
import { EndedCard } from './conversation/ended-card.tsx';
import { MutedBanner } from './conversation/muted-banner.tsx';
import { PeerTile } from './conversation/peer-tile.tsx';
import { ReportButton } from './conversation/report-button.tsx';
import { SearchPanel } from './conversation/search-panel.tsx';
import { isSwapped } from './conversation/self-place.ts';
import { SelfTile } from './conversation/self-tile.tsx';
import { TextPeer } from './conversation/text-peer.tsx';
import { TopBar } from './conversation/top-bar.tsx';
import { TurnOn } from './conversation/turn-on.tsx';
import { useResting } from './conversation/use-resting.ts';
import { videoOfferPart } from './conversation/video-offer-part.ts';
import { exchangePart } from './exchange/exchange-part.ts';
import { hourPart } from './hour/hour-part.ts';
import { questionPart } from './question/question-part.ts';
import { DeviceChangeBanner } from './shared/device-change.tsx';
import { LinkBanner } from './shared/link-banner.tsx';
import { VideoMeanwhileBanner } from './shield/video-meanwhile.tsx';
import { voicePart } from './voice/voice-part.ts';

const TITLES = {
  video: 'call.titleVideo',
  voice: 'call.titleVoice',
  text: 'call.titleText',
  question: 'call.titleText',
} as const;

function resetPlaces(): void {
  resetChat();
  isSwapped.value = false;
}

/**
 * The screens for search, call and end are one component, so that shared elements and the focus
 * stay in place.
 */
export function Conversation() {
  const app = useApp();
  const search = app.search.view.value;
  const call = app.call.view.value;
  const ended = app.call.ended.value;
  const mode = (call ?? ended ?? search)?.mode ?? 'video';
  useEffect(followKeyboard, []);
  useEffect(() => {
    // The More sheet opens without a delay during a call. It also loads when it is opened.
    import('./conversation/more-sheet.tsx').catch(() => {});
  }, []);
  // The chat closes and the pictures return to their places when a new search starts.
  const inSearch = search !== null;
  useEffect(() => {
    if (inSearch) resetPlaces();
  }, [inSearch]);
  useEffect(() => resetPlaces, []);
  const talk = useRef<HTMLDivElement>(null);
  const rests = useResting(talk);
  const phase = call !== null ? 'call' : ended !== null ? 'ended' : 'waiting';
  // A covered stranger is never small, because the button that shows them must stay large.
  const swapped = isSwapped.value && app.call.peerStream.value !== null;
  const isMute = !carriesText(mode);
  if (offeredModes().includes('voice')) voicePart.prepare();
  if (mode === 'question') questionPart.prepare();
  const VoicePeer = voicePart.model.value?.VoicePeer;
  const exchange = exchangePart.model.value;
  // The call may be rejoined on a new page, which hasn't loaded the part on the landing.
  if ((call ?? search)?.exchange) exchangePart.prepare();
  const QuestionPeer = questionPart.model.value?.QuestionPeer;
  const marks = [
    // A voice call looks like a text call, with the chat below the stranger.
    ...(mode === 'voice' || mode === 'question' ? ['text', mode] : [mode]),
    isMute && 'mute',
    phase,
    drawerOpen.value && 'drawn',
    hasColumn(app.chat.view.value) && 'chatting',
    swapped && 'swapped',
    rests && 'rests',
  ].filter(Boolean);
  return (
    <div ref={talk} class={`talk ${marks.join(' ')}`}>
      <TopBar />
      <div class="banners">
        <LinkBanner />
        <DeviceChangeBanner />
        <MutedBanner />
        <VideoMeanwhileBanner />
        <AgePrompt />
        <Bell />
        <Cards />
        {exchange !== null && <exchange.ExchangeBar />}
      </div>
      <main>
        <div class="stage">
          {call !== null && <Heading hidden>{t(TITLES[mode])}</Heading>}
          {search !== null && <SearchPanel search={search} />}
          {call !== null &&
            (mode === 'video' ? (
              <PeerTile call={call} />
            ) : mode === 'voice' ? (
              VoicePeer !== undefined && (
                <VoicePeer call={call}>
                  <TurnOn call={call} />
                  <ReportButton />
                </VoicePeer>
              )
            ) : mode === 'question' ? (
              QuestionPeer && (
                <QuestionPeer call={call}>
                  <ReportButton />
                </QuestionPeer>
              )
            ) : (
              <TextPeer call={call} />
            ))}
          {call !== null && <NextMode call={call} />}
          {ended !== null && <EndedCard ended={ended} />}
          {mode === 'video' && ended === null && <SelfTile />}
        </div>
        {search === null && !isMute && <Chat />}
        <ControlBar />
      </main>
    </div>
  );
}

/** The steps to the next mode of the call. */
function NextMode({ call: { video } }: { call: CallView }) {
  const app = useApp();
  if (!app.devices.supported || video === null) return null;
  const VideoOffer = videoOfferPart.model.value;
  if (VideoOffer !== null) return <VideoOffer offer={video} />;
  videoOfferPart.prepare();
  return null;
}

/** The bell of an hour's round. Its code and texts load with the first bell. */
function Bell() {
  const bell = useApp().reactions.model.value?.rounds.bell.value ?? null;
  if (bell === null) return null;
  const part = hourPart.model.value;
  if (part !== null) return <part.BellBanner bell={bell} />;
  hourPart.prepare();
  return null;
}

/** The card on the table. Its code and texts load with the first card. */
function Cards() {
  const card = useApp().reactions.model.value?.cards.view.value ?? null;
  if (card === null) return null;
  const part = cardPart.model.value;
  if (part !== null) return <part.CardTable />;
  cardPart.prepare();
  return null;
}
