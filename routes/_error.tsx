import { HttpError, type PageProps } from "fresh";
import { Head } from "fresh/runtime";
import type { State } from "./(_lib)/state.ts";

/** What went wrong in clear words, and a way back; the API's errors are JSON (api/_middleware.ts). */
export default function ErrorPage({ error, url }: PageProps<unknown, State>) {
  const status = error instanceof HttpError ? error.status : 500;
  const { title, text } = wordsFor(status, url.pathname);
  return (
    <section class="error-page">
      <Head>
        <title>{title} · Tidemark</title>
      </Head>
      <p class="error-code number">{status}</p>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a class="button" href="/">Back to the overview</a>
      </p>
    </section>
  );
}

function wordsFor(status: number, path: string): { title: string; text: string } {
  if (status === 404) return { title: "Page not found", text: `There is no page at ${path}.` };
  if (status < 500) return { title: "That cannot be done", text: "The request does not fit this page." };
  return {
    title: "Something went wrong",
    text: "The page could not be made. Events are still being taken in; try again in a moment.",
  };
}
