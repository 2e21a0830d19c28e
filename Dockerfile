# rebound in a container. Any command of it can be given: `docker run … rebound doctor`.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Nothing that is built here needs an install script, and none is run.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the embedded Postgres and the sample IMAP server, which only `rebound demo` needs.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY prisma/migrations prisma/migrations
COPY src/demo/samples src/demo/samples
USER node
# Node runs as process 1 and takes SIGTERM itself; it ends within 10 seconds.
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["start"]
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD ["node", "dist/workers/healthcheck.js", "poll"]
