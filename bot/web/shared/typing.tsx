/** That somebody is typing; `who` is told to those who do not see it. */
export function Typing({ who }: { who: string }) {
  return (
    <div class="typing">
      <span class="unseen">{who}正在输入</span>
      <i />
      <i />
      <i />
    </div>
  );
}
