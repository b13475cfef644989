/** Tells of texts whether they were never added. */
export interface Seen {
  add(text: string): void;
  /** False when it was never added; true when it was, and of a few others, too. */
  has(text: string): boolean;
}

/** So many are remembered as they are. */
const FEW = 4_096;

/** 16 MiB: when ten million texts were added, it has about one in a hundred that were not. */
const WORDS = 2 ** 22;

/** Nothing was added yet. However many there are, it takes no more room (a Bloom filter). */
export const createSeen = (): Seen => {
  const few = new Set<string>();
  let words = new Int32Array();
  let place = 0;
  let mask = 0;

  /** Says of a text in which word it is, and by which bits. All are in one word: another place in memory costs more than they do. */
  const find = (text: string): void => {
    let one = 0x811c9dc5;
    let other = 0x9747b28c;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      one = Math.imul(one ^ unit, 0x01000193);
      other = Math.imul(other ^ unit, 0x5bd1e995);
      other ^= other >>> 15;
    }
    one ^= one >>> 16;
    one = Math.imul(one, 0x85ebca6b);
    place = (one ^ (one >>> 13)) & (WORDS - 1);
    mask = (1 << (other & 31)) | (1 << ((other >>> 5) & 31));
    mask |= (1 << ((other >>> 10) & 31)) | (1 << ((other >>> 15) & 31));
  };

  const mark = (text: string): void => {
    find(text);
    words[place] = (words[place] ?? 0) | mask;
  };

  return {
    add(text) {
      if (words.length > 0) return mark(text);
      few.add(text);
      if (few.size <= FEW) return;
      words = new Int32Array(WORDS);
      few.forEach(mark);
      few.clear();
    },
    has(text) {
      if (words.length === 0) return few.has(text);
      find(text);
      return ((words[place] ?? 0) & mask) === mask;
    },
  };
};
