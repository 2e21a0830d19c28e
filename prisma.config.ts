import { defineConfig } from 'prisma/config';

// Read by the prisma CLI only (`prisma generate`, `prisma migrate deploy`); rebound itself connects by its own settings.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
