import { asset } from "fresh/runtime";
import { define } from "./(_lib)/define.ts";

/** The whole document. */
export default define.page(({ Component }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content="#f4f6f9" media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content="#0c1218" media="(prefers-color-scheme: dark)" />
      <meta name="description" content="Live event feeds as windows, anomalies and charts." />
      <title>Tidemark</title>
      <link rel="icon" type="image/svg+xml" href={asset("/icon.svg")} />
      <link rel="stylesheet" href={asset("/styles.css")} />
    </head>
    <body>
      <Component />
    </body>
  </html>
));
