/** The mark of a line: told by its shape as well as by its colour; the same shapes stand on the chart. */
export function Shape({ slot }: { readonly slot: number }) {
  const place = slot % 5;
  return (
    <svg class={`shape series-${place + 1}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {place === 0 && <circle cx="6" cy="6" r="4.5" />}
      {place === 1 && <rect x="2" y="2" width="8" height="8" />}
      {place === 2 && <path d="M6 1.2 11 10.4H1Z" />}
      {place === 3 && <path d="M6 .8 11.2 6 6 11.2.8 6Z" />}
      {place === 4 && <path d="M6 1.2v9.6M1.2 6h9.6" class="stroked" />}
    </svg>
  );
}
