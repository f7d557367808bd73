/** What opens the visitor's conversation. */
export interface Session {
  conversationId: string;
  token: string;
  userId: string;
}

export interface Outgoing {
  clientActivityID: string;
  text: string;
  files?: readonly File[];
}

export interface Memory {
  session: Session | undefined;
  outgoing: Outgoing[];
}

const name = 'filing-widget';

/**
 * What this tab knew before it was loaded again. The cookie brings a visitor back for months, but browsers that give no cookie
 * to a frame on another site still keep this until the tab is closed.
 */
export function recall(): Memory {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? '') as Memory;
  } catch {
    return { session: undefined, outgoing: [] };
  }
}

/** Files, and what goes with them, are left out: pictures of certificates have no place in the storage of a browser. */
export function remember({ session, outgoing }: Memory): void {
  try {
    sessionStorage.setItem(name, JSON.stringify({ session, outgoing: outgoing.filter(({ files }) => !files) }));
  } catch {
    // Storage is blocked or full: the conversation is then kept by the cookie alone.
  }
}
