/** The package as Vitest loads it by default, through Node, and transformed by Vitest. */
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
