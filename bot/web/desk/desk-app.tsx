import { useEffect, useState } from 'preact/hooks';
import { titleFor } from './alerts.ts';
import { deskContext, type Question } from './context.ts';
import type { Desk } from './desk.ts';
import { useObserved } from './observed.ts';
import { pages, usePage } from './pages.tsx';
import { Questions } from './questions.tsx';
import { RequiredSecondFactor } from './second-factor.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Invitation, SignIn, signOnProblem } from './sign-in.tsx';
import { TopBar } from './top-bar.tsx';

export function DeskApp({ desk }: { desk: Desk }) {
  useObserved(desk);
  const [code, setCode] = useState(invitationCode);
  useEffect(() => {
    const look = () => setCode(invitationCode());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  const leave = () => {
    history.replaceState(null, '', location.pathname);
    setCode('');
  };
  const inside = desk.entrance === 'in';
  return (
    <>
      {code !== '' && <Invitation desk={desk} code={code} leave={leave} />}
      {code === '' && desk.entrance === 'signed-out' && <SignIn desk={desk} />}
      {code === '' && desk.entrance === 'setting-up' && <RequiredSecondFactor desk={desk} />}
      {code === '' && inside && <Inside desk={desk} />}
      <p class={`notice ${desk.notice ? 'shown' : ''}`} role="status">
        {desk.notice}
      </p>
    </>
  );
}

function Inside({ desk }: { desk: Desk }) {
  const [question, ask] = useState<Question | undefined>(undefined);
  const page = usePage(desk);
  useShortcuts(desk, ask, question !== undefined);
  const waiting = desk.queue?.waiting.length ?? 0;
  const { unread } = desk;
  useEffect(() => {
    document.title = titleFor(waiting, unread);
  }, [waiting, unread]);
  useEffect(() => {
    // Back from the identity provider, which was to confirm who sits here.
    const problem = signOnProblem();
    if (problem !== '') desk.say(problem);
  }, []);
  const { View } = pages[page];
  return (
    <deskContext.Provider value={{ desk, ask }}>
      <div class="desk">
        <TopBar page={page} />
        <Cut desk={desk} />
        <View />
      </div>
      {question && <Questions question={question} close={() => ask(undefined)} />}
    </deskContext.Provider>
  );
}

const cutShownAfterMs = 1_500;

/** Says that what is on the screen may be old. Most interruptions are over before anybody could read of them. */
function Cut({ desk }: { desk: Desk }) {
  const cut = desk.connection === 'cut' || desk.connection === 'connecting';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(cut), cut ? cutShownAfterMs : 0);
    return () => clearTimeout(timer);
  }, [cut]);
  return (
    <div class={`cut ${shown ? 'shown' : ''}`} role="status">
      {shown && (
        <>
          <p>连接断了，正在重新连接。可以继续写，恢复后自动发送。</p>
          <button type="button" onClick={() => desk.reconnect()}>
            立即重试
          </button>
        </>
      )}
    </div>
  );
}

function invitationCode(): string {
  return new URLSearchParams(location.hash.slice(1)).get('invitation') ?? '';
}
