import type { Store } from '../../../bot/store/store.ts';

/** All that a store does, to be changed in part. */
export function bound(store: Store): Store {
  return {
    get: (...asked) => store.get(...asked),
    read: (...asked) => store.read(...asked),
    end: (...asked) => store.end(...asked),
    range: (...asked) => store.range(...asked),
    apply: (...asked) => store.apply(...asked),
    claim: (...asked) => store.claim(...asked),
    commit: (...asked) => store.commit(...asked),
    release: (...asked) => store.release(...asked),
    due: (...asked) => store.due(...asked),
    sweep: () => store.sweep(),
    watch: (...asked) => store.watch(...asked),
    announce: (...told) => store.announce(...told),
    export: () => store.export(),
    import: (entries) => store.import(entries),
    clear: () => store.clear(),
    rewrite: (rewrite) => store.rewrite(rewrite),
    now: () => store.now(),
    ping: () => store.ping(),
    close: () => store.close(),
  };
}
