# Server and firmware bridge in one image, for x64 and arm64: docker build -t buergerluft .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/demo/data ./demo/data
COPY --from=build /app/web/content ./web/content
COPY --from=build /app/server/pictures ./server/pictures
# What a static copy of the citations carries with it.
COPY --from=build /app/docs/citation-format.md /app/docs/check-citation.mjs ./docs/
RUN install -d -m 0700 -o node -g node /data && install -d -m 0755 -o node -g node /data/mosquitto /backups \
  && printf '#!/bin/sh\nexec node /app/dist/server/cli.js "$@"\n' > /usr/local/bin/buergerluft \
  && chmod 0755 /usr/local/bin/buergerluft
USER node
VOLUME /data
EXPOSE 8080 1883
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.HTTP_PORT || 8080) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=128", "--enable-source-maps", "dist/server/main.js"]
