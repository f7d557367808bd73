const shapes = {
  next: 'M5 12h13M13 6l6 6-6 6',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  silent: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  close: 'M6 6l12 12M18 6L6 18',
  transfer: 'M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  info: 'M4 5h16v14H4zM14 5v14',
  beside: 'M4 5h16v14H4zM12 5v14',
  send: 'M4 19.5l16-7.5L4 4.5v5.6l9 1.9-9 1.9z',
  reply: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5',
  edit: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3',
  down: 'M6 9l6 6 6-6',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  add: 'M12 5v14M5 12h14',
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof shapes; size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2">
      <path stroke-linecap="round" stroke-linejoin="round" d={shapes[name]} />
    </svg>
  );
}
