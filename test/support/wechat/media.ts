import type { StandInClock } from './clock.ts';
import type { Dice } from './dice.ts';

export type MediaKind = 'image' | 'voice' | 'video' | 'thumb' | 'file';

export interface Media {
  id: string;
  kind: MediaKind;
  name: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** The appId or corpId within which the id is known. */
  owner: string;
  createdAt: number;
}

const lifeMs = 3 * 24 * 60 * 60 * 1000;

/** Temporary media: what people sent and what the bot uploaded, each known to one account for three days. */
export class MediaStore {
  readonly #media = new Map<string, Media>();
  readonly #clock: StandInClock;
  readonly #dice: Dice;

  constructor(clock: StandInClock, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  add(media: Omit<Media, 'id' | 'createdAt'>): Media {
    const kept = { ...media, id: this.#dice.name(64), createdAt: this.#clock.now() };
    this.#media.set(kept.id, kept);
    return kept;
  }

  find(id: string, owner: string): Media | undefined {
    const media = this.findAnybodys(id);
    return media?.owner === owner ? media : undefined;
  }

  /** By id alone: the address of a picture is open to everybody who has it. */
  findAnybodys(id: string): Media | undefined {
    const media = this.#media.get(id);
    return media && this.#clock.now() < media.createdAt + lifeMs ? media : undefined;
  }
}
