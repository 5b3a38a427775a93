import { asset } from "fresh/runtime";
import ConnectionBadge from "../islands/ConnectionBadge.tsx";
import { define } from "./(_lib)/define.ts";

/** Head, body and foot of every page. */
export default define.layout(({ Component }) => (
  <>
    <a class="skip" href="#content">Skip to content</a>
    <header class="top">
      <div class="top-row">
        <a class="brand" href="/">
          <img src={asset("/icon.svg")} alt="" width="28" height="28" />
          <span>Tidemark</span>
        </a>
        <nav aria-label="Pages">
          <a href="/">Overview</a>
        </nav>
        <ConnectionBadge />
      </div>
    </header>
    <main id="content" tabIndex={-1}>
      <Component />
    </main>
    <footer class="foot">
      <p>All times are event times in UTC.</p>
    </footer>
  </>
));
