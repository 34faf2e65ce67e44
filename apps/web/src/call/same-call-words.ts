/**
 * List of 256 words, one for each value of a byte. Users read them aloud, so the words are short,
 * harmless and spelt the same in English and French, and differ in at least two letters. If the
 * list changes, `NAME` in `same-call.ts` must change too, because pages with different lists
 * compute different codes.
 */
export const SAME_CALL_WORDS: readonly string[] = `
acacia accent accord agenda album alpha animal arcade atlas atoll aura avenue badge bagel
ballet banjo baron basket beige biceps bison blazer bonus bravo bronze brunch buffet cacao
cactus canal canyon cargo carton chalet chef clown club cobra code condor cosmos cousin
crayon cube delta dingo disco divan domino dragon extra fable film final fondue format forum
fruit fusion gala garage genre geyser glacier globe gong grain guide hangar hockey ibis
igloo image impact impala index jaguar jargon jazz jersey jogging joker journal judo jungle
junior karma kayak ketchup kimono kiwi koala label laser lasso latte lion logo lotion lotus
lynx macaron machine maestro magenta magma marina maximum melon menu million mimosa mirage
mobile module moment montage motel motif muscle musical mustang nature nectar nirvana novice
nuance oasis ocarina olive opinion opossum orange origami page panda paprika papyrus parade
parasol passage pastel patio pause pergola phase photo piano pigeon pivot pixel pizza
plateau polo poncho prairie presto puma puzzle python quartz quiche quiz quota radar radio
rafting ramen ranch ravioli refrain relief reptile risotto robot romance rosette route rugby
rumba safari saga salami salon samba sardine satin sauna scanner science scooter score
script simple siphon sketch slalom slogan soda sonar soprano sorbet sport square station
statue studio style suite sumo surf sushi tandem tango tapioca taxi tempo tennis texture
thermos ticket timbre toast tofu torrent totem toucan transit trio triple tuba tunnel turbo
tutu ukulele ultra union unique usage valise veranda villa violet vision vocal volume voyage
wagon wasabi western yacht yeti yoga zigzag zone zoom
`
  .trim()
  .split(/\s+/u);
