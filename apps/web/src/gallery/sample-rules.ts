import type { HouseRules, HouseTexts } from '@farandole/protocol/http-api';

const TEXTS = {
  en: 'We meet to speak about films.\nEnglish or French, as both of you like.\nNo spoilers of what came out this month!',
  fr: 'On se retrouve pour parler de films.\nEn français ou en anglais, comme il vous plaît à tous deux.\nOn ne dévoile pas ce qui est sorti ce mois-ci !',
};

export const HOUSE_RULES: HouseRules = { version: 2, ...TEXTS };

/** The earlier version: the middle line is new. */
export const HOUSE_RULES_BEFORE: HouseTexts = {
  en: withoutSecondLine(TEXTS.en),
  fr: withoutSecondLine(TEXTS.fr),
};

function withoutSecondLine(text: string): string {
  return text.split('\n').toSpliced(1, 1).join('\n');
}
