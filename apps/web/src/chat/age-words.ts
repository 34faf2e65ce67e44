/**
 * Words of one language, by their meaning in a line that states an age. Words of a list are
 * separated by "|" and are written without accents and apostrophes; a phrase has at most 4 words.
 *
 * | class | meaning | examples |
 * |---|---|---|
 * | `B` | "I am", if an age can follow | "i am", "ich bin" |
 * | `L` | the same, if it can also be a word of another language | "im" |
 * | `I` | "I have", if an age can follow, and "I turned" | "tengo", "j'ai" |
 * | `W` | "I will be", where 18 is a stated age too | "turning", "cumplo" |
 * | `G`, `g` | "my age is", and the word "age" alone | "mi edad es", "alter" |
 * | `h`, `H` | "I am" in other languages than `B`, and "my name is" | "soy", "ich heiße" |
 * | `s` | the user in a sentence without a verb | "me", "moi", "ich" |
 * | `k`, `Y` | "my", and "birthday" | |
 * | `y`, `U` | unit of an age, and other units of time | "years old"; "weeks" |
 * | `w`, `d` | a time, and a preposition before it | "tomorrow", "may"; "in", "next" |
 * | `a`, `m` | adverbs between subject and age; the latter mean "almost" | "still", "nearly" |
 * | `f` | fillers, greetings and answers | "well", "hi", "yes" |
 * | `p`, `P` | a person; the latter only before an age | "girl", "m"; "h" |
 * | `q` | a question back, after an age | "you", "hbu" |
 * | `c` | words that continue a sentence after an age | "and", "from" |
 * | `b` | words after a number, or after its years, that isn't an age | "percent", "de" |
 * | `v` | words before a past or unreal age, or an age of others | "when", "feel" |
 * | `n`, `A` | negation, and words for an adult | "not", "adult" |
 * | `z`, `l` | words for a minor, and for "less than" before 18 | "minor", "under" |
 */
export type WordClass =
  | ('B' | 'L' | 'I' | 'W' | 'G' | 'g' | 'h' | 'H' | 's' | 'k' | 'Y' | 'y' | 'U' | 'w' | 'd')
  | ('a' | 'm' | 'f' | 'p' | 'P' | 'q' | 'c' | 'b' | 'v' | 'n' | 'A' | 'z' | 'l' | 'e' | 'o' | 'i' | 't' | 'j' | 'M' | 'J' | 'F' | 'K' | 'S');

export interface AgeWords {
  /** Patterns of the numbers from 10 to 18 in words. */
  readonly numbers: readonly string[];
  /** Pattern of unknown words that can be counted, so that a number before them isn't an age. */
  readonly counted: RegExp;
  readonly words: Readonly<Partial<Record<WordClass, string>>>;
}
