/** The package as Vitest takes it by itself, from Node, and as it does when told to transform it. */
export default {
  test: {
    environment: 'jsdom',
    include: ['outsideBrowser/*.spec.js'],
    projects: [
      { extends: true, test: { name: 'from Node' } },
      {
        extends: true,
        test: {
          name: 'transformed',
          server: { deps: { inline: ['streaming-image-volume-loader', 'second-copy'] } },
        },
      },
    ],
  },
};
