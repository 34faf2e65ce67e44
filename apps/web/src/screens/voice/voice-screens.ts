export { loadVoice } from '@farandole/ui/voice-locales';
export { StartButtons } from './start-buttons.tsx';
export { StartsFrom } from './starts-from.tsx';
export { VoiceAsk } from './voice-ask.tsx';
export { VoicePeer } from './voice-peer.tsx';
export { VoiceReady } from './voice-ready.tsx';
