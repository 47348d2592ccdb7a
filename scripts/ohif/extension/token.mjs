/** Sends a token as an OHIF site does: by the authentication service, which is asked for each request. */
export default {
  id: 'test.token',
  preRegistration({ servicesManager }) {
    servicesManager.services.userAuthenticationService.setServiceImplementation({
      getAuthorizationHeader: () => {
        const { token } = window.ohifTest;
        return token ? { Authorization: `Bearer ${token}` } : {};
      },
    });
  },
};
