# Tidemark's services in one image; compose.yaml says which command each of them runs.
FROM denoland/deno:2.9.6

WORKDIR /app
RUN mkdir /data && chown deno:deno /app /data
USER deno

COPY --chown=deno:deno deno.json deno.lock ./
RUN deno install --frozen
COPY --chown=deno:deno . .
RUN deno task build && deno cache --frozen main.ts

# Names what browsers may keep; unset, each build of the image has a name of its own.
ARG BUILD_ID
ENV DENO_DEPLOYMENT_ID=$BUILD_ID
ENV DATA_DIR=/data
VOLUME /data
EXPOSE 8000

ENTRYPOINT ["deno", "run", "--cached-only", "--frozen", "--no-prompt", "--allow-read", "--allow-write=/data", "--allow-env", "--allow-sys", "--allow-net", "main.ts"]
